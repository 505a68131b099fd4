/** The bundler copies the file beside the bundle and gives its path relative to it. */
declare module '*.wasm' {
  const path: string;
  export default path;
}
