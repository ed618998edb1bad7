/** Mermaid in a bundle of its own, loaded with the first drawing that needs it; `esbuild.mjs` keeps only its ER diagrams. */
export { default as mermaid } from 'mermaid';
