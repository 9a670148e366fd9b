/** Form-encoded bodies with brackets, as Stripe takes them: `a[b][0]=c`. */

export type FormValue = string | Form
export type Form = Map<string, FormValue>

/** Later values of the same name win; `a[]=x` counts up. Empty text is an empty form. */
export function parseForm(text: string): Form {
  const form: Form = new Map()
  for (const [name, value] of new URLSearchParams(text)) put(form, pathOf(name), value)
  return form
}

function pathOf(name: string): readonly string[] {
  const open = name.indexOf('[')
  if (open <= 0) return [name]
  const inner = [...name.slice(open).matchAll(/\[([^[\]]*)\]/g)].map(([, part = '']) => part)
  return [name.slice(0, open), ...inner]
}

function put(form: Form, [first = '', ...rest]: readonly string[], value: string): void {
  const name = first === '' ? String(form.size) : first
  if (rest.length === 0) {
    form.set(name, value)
    return
  }
  const found = form.get(name)
  const inner: Form = found instanceof Map ? found : new Map()
  form.set(name, inner)
  put(inner, rest, value)
}

/** The same for the same parameters in whatever order they came. */
export function canonicalForm(form: Form): string {
  const pairs = [...form].map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? JSON.stringify(value) : canonicalForm(value),
  ])
  pairs.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}
