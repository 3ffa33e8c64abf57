/** Where the example's sources, assets and database lie, seen from its compiled files in `dist`. */
export const exampleFolder = new URL('../../../examples/cities/', import.meta.url)
