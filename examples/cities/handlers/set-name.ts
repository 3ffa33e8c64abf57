import { badRequest } from '../page-error.js'
import { seeOther } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { LONGEST_NAME, nameField } from '../visitors/visitor.js'

/** Remembers what a visitor wants to be called, and leads back to where that was said. */
export function setName({ form }: PageRequest): Reply {
  const [name, back] = [form.get('name')?.trim() ?? '', form.get('back') ?? '']
  if (name === '' || name.length > LONGEST_NAME) throw badRequest(`A name has 1 to ${LONGEST_NAME} letters.`)
  // To a page of ours, and nowhere else.
  if (!/^\/countries\/[A-Z]{2}(?:\?page=\d+)?$/.test(back)) throw badRequest('There is no page to go back to.')
  const { headers, ...reply } = seeOther(back)
  return { ...reply, headers: { ...headers, 'Set-Cookie': nameField(name) } }
}
