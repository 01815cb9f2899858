/** Stands in for `react-devtools-core`, which Ink imports by default: the published app has no devtools. */
const noDevtools = {};

export default noDevtools;
