/** Compiles a file once where the locals say `cache: true`, as those of Express do in production, and each time where they do not. */
export function compiledOnce<Template>(compile: (file: string, keep: boolean) => Template): (file: string, locals: object) => Template {
  const kept = new Map<string, Template>()
  return (file, locals) => {
    const known = kept.get(file)
    if (known !== undefined) return known
    const keep = 'cache' in locals && locals.cache === true
    const template = compile(file, keep)
    if (keep) kept.set(file, template)
    return template
  }
}
