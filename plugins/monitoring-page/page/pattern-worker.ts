/** Looks for a pattern in texts, beside the page: one that takes too long is ended from outside. */
addEventListener('message', ({ data }: MessageEvent<{ source: string; texts: string[] }>) => {
  const pattern = new RegExp(data.source, 'i');
  postMessage(data.texts.flatMap((text, index) => (pattern.test(text) ? [index] : [])));
});
