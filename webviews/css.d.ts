/** A style sheet a page imports: the bundler puts it beside the script. */
declare module '*.css';
