// Makes the runs of a comparison beside the page, which stays as smooth as it was: one after the other, and tells their
// figures about ten times a second. An error is told as text. The page stops the worker when no more is wanted.

const TELL_EVERY_MS = 100;

onmessage = async ({ data: [glue, module, scenario] }) => {
  try {
    const engine = await import(glue);
    await engine.default({ module_or_path: module });
    const comparison = new engine.RunsBeside(scenario);
    let figures = [];
    let told = performance.now();
    for (let number = 0; number < comparison.runs(); number += 1) {
      figures.push(comparison.run(number));
      if (performance.now() - told > TELL_EVERY_MS) {
        postMessage(figures);
        figures = [];
        told = performance.now();
      }
    }
    postMessage(figures);
  } catch (error) {
    postMessage(String(error));
  }
};
