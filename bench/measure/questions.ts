/** In a child process: answers each message of the parent, a number, with what `answer` makes of it, and ends with the parent. */
export function serveQuestions(answer: (ms: number) => unknown): void {
  process.on('message', (ms: number) => {
    void Promise.resolve(answer(ms)).then(answered => process.send?.(answered))
  })
  process.on('disconnect', () => process.exit())
}
