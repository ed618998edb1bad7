import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * The HTML of a panel's page: one script and one style sheet of ours, nothing from elsewhere, no `eval`.
 *
 * @param name of the page's bundle in `dist/webviews`
 * @param draws the page draws with mermaid, which writes styles into its drawing; makes pictures; and starts a thread, which
 *   can only be done from a blob, whose text is fetched from the panel's own folder
 */
export function pageHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: string,
  title: string,
  draws = false,
): string {
  const nonce = randomBytes(16).toString('base64url');
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webviews');
  const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}${draws ? " 'unsafe-inline'" : ''}`,
    `font-src ${webview.cspSource}`,
    ...(draws ? ['img-src data: blob:', `connect-src ${webview.cspSource}`, 'worker-src blob:'] : []),
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${address(`${name}.js`)}"></script>
</body>
</html>
`;
}

/** What a page may load: our bundles and nothing else of the disk. */
export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webviews')] };
}
