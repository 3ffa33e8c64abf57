import { setTimeout as wait } from 'node:timers/promises'

export interface Post {
  readonly id: number
  readonly title: string
}

/** Stands for a database: each question takes its time. */
class Posts {
  #changedAt = new Date('2026-01-01')
  readonly #rows: Post[] = [
    { id: 1, title: 'Why is it slow?' },
    { id: 2, title: 'Because it asks the database again' },
  ]

  async all(): Promise<readonly Post[]> {
    await wait(200)
    return [...this.#rows]
  }

  async find(id: number): Promise<Post | undefined> {
    await wait(200)
    return this.#rows.find(post => post.id === id)
  }

  /** When anything was written last: cheap to ask. */
  async changedAt(): Promise<Date> {
    await wait(2)
    return this.#changedAt
  }

  async insert(title: string): Promise<number> {
    await wait(20)
    this.#changedAt = new Date()
    const id = this.#rows.length + 1
    this.#rows.push({ id, title })
    return id
  }

  async rename(id: number, title: string): Promise<void> {
    await wait(20)
    this.#rows[id - 1] = { id, title }
  }
}

export const posts = new Posts()
