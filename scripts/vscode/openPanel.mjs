/** The page of the panel or custom editor that is in front: VS Code keeps it in a frame within a frame. */
export function openPanel(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}
