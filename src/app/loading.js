// The bar that a slow connection shows, and the message when the module does not come. Trunk calls it
// (`data-initializer` in index.html) with each piece of the module that arrives.

// A page that is there sooner shows no bar.
const PATIENCE_MS = 300;

export default () => {
  const bar = document.createElement("progress");
  bar.className = "loading";
  bar.dataset.testid = "loading";
  bar.setAttribute("aria-label", "Loading swarmglass");
  const show = setTimeout(() => document.body.append(bar), PATIENCE_MS - performance.now());
  return {
    onProgress: ({ current, total }) => {
      bar.max = total;
      bar.value = current;
    },
    onComplete: () => {
      clearTimeout(show);
      bar.remove();
    },
    // Trunk handles the error, so that no `unhandledrejection` tells of it.
    onFailure: (error) => window.swarmglassStopped(error),
  };
};
