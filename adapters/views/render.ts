/**
 * Renders a template: to a promise, or for a callback, which is how Express calls its engines.
 * @throws what the engine throws, with the file and the line as it says them
 */
export interface Render {
  (path: string, locals?: object): Promise<string>
  (path: string, locals: object | undefined, callback: (error: unknown, html?: string) => void): void
}

export function renderer(render: (path: string, locals: object) => Promise<string>): Render {
  function either(path: string, locals?: object): Promise<string>
  function either(path: string, locals: object | undefined, callback: (error: unknown, html?: string) => void): void
  function either(path: string, locals: object = {}, callback?: (error: unknown, html?: string) => void): Promise<string> | undefined {
    const made = render(path, locals)
    if (callback === undefined) return made
    // What the callback itself throws must not bring it a second call.
    void made.then(
      html => setImmediate(callback, null, html),
      (error: unknown) => setImmediate(callback, error),
    )
    return undefined
  }
  return either
}
