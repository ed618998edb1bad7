/** Neither side of a picture may be longer, and not more points in all: browsers refuse larger ones. */
const LONGEST = 16_000;
const MOST = 120_000_000;

/** An SVG file as PNG in base64, twice as sharp as on the screen where it fits. */
export async function pngOf(svgText: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText)}`;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(2, LONGEST / Math.max(width, height), Math.sqrt(MOST / (width * height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This page cannot draw pictures.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const prefix = 'data:image/png;base64,';
  const url = canvas.toDataURL('image/png');
  if (!url.startsWith(prefix)) throw new Error('The picture is too large; show fewer tables.');
  return url.slice(prefix.length);
}
