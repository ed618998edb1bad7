/** Runs work with what the terminal writes kept apart. */
export async function quietly(work: () => Promise<number>): Promise<{ readonly code: number; readonly text: string }> {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const before = streams.map((stream) => stream.write);
  for (const stream of streams)
    stream.write = ((text: string | Uint8Array) => {
      written.push(String(text));
      return true;
    }) as typeof stream.write;
  try {
    return { code: await work(), text: written.join('') };
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = before[index] as typeof stream.write;
  }
}
