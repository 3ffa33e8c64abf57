/** Lets everything go on that is ready to: what runs behind a response is done, or waits for a gate. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}
