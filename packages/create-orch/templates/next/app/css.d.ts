/** Styles are read by Next.js. */
declare module "*.css";
