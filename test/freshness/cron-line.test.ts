import { expect } from 'chai'
import { ConfigError, createCache, nextInstant } from 'smart-cache'

/** What is refused, and a part of the reason. */
const REFUSED: readonly (readonly [unknown, string])[] = [
  ['', 'it is empty'],
  ['   ', 'it is empty'],
  ['* * * *', 'it has 4 fields'],
  ['0', 'it has 1 field;'],
  ['0 0 0 1 1 * 2027', 'it has 7 fields'],
  ['60 * * * *', 'expected range 0-59'],
  ['0 24 * * *', 'expected range 0-23'],
  ['0 0 0 * *', 'expected range 1-31'],
  ['0 0 32 * *', 'expected range 1-31'],
  ['0 0 * 0 *', 'expected range 1-12'],
  ['0 0 * 13 *', 'expected range 1-12'],
  ['0 0 * * 8', 'expected range 0-7'],
  ['60 0 0 * * *', 'expected range 0-59'],
  ['5-1 * * * *', 'min(5) > max(1)'],
  ['*/0 * * * *', 'steps of 0'],
  ['*/60 * * * *', 'steps of 60'],
  ['0 */24 * * *', 'steps of 24'],
  ['0 0 15W * *', '`W` is not supported'],
  ['0 0 LW * *', '`W` is not supported'],
  ['0 0 L-3 * *', 'cannot be counted back from'],
  ['0 0 ? * 1', 'write `*` for `?`'],
  ['H * * * *', '`H` is not supported'],
  ['H(0-9) * * * *', 'not'],
  ['0 0 * * 1#6', 'the day of the week is "1#6"'],
  ['0 0 * * 1#0', 'the day of the week is "1#0"'],
  ['0 0 * * #2', 'the day of the week is "#2"'],
  ['0 0 * * 1#1,5', 'cannot be one of a list'],
  ['0 0 * * L', 'the day of the week is "L"'],
  ['0 0 * * 1-5L', 'the day of the week is "1-5L"'],
  ['0 0 1#2 * *', 'the day of the month is "1#2"'],
  ['0 L * * *', 'the hour is "L"'],
  ['0 0 * foo *', 'foo'],
  ['0 0 * * someday', 'the day of the week is "someday"'],
  ['0 0 jan * *', 'the day of the month is "jan"'],
  ['-1 * * * *', 'the minute is "-1"'],
  ['1- * * * *', 'the minute is "1-"'],
  ['1,,2 * * * *', 'the minute is ""'],
  [', * * * *', 'the minute is ""'],
  ['1/ * * * *', 'the minute is "1/"'],
  ['/5 * * * *', 'the minute is "/5"'],
  ['1-2-3 * * * *', 'the minute is "1-2-3"'],
  ['*-5 * * * *', 'the minute is "*-5"'],
  ['1.5 * * * *', 'the minute is "1.5"'],
  ['+1 * * * *', 'the minute is "+1"'],
  ['0x1 * * * *', 'the minute is "0x1"'],
  ['١ * * * *', 'the minute is'],
  ['5,5 * * * *', 'duplicate'],
  ['@reboot', 'names no instant'],
  ['@often', '@daily'],
  ['0 3 * * * # daily', 'fields'],
  [5, 'it is no string'],
  [null, 'it is no string'],
  [['0 3 * * *'], 'it is no string'],
]

describe('A cron expression is refused at once, with the reason:', () => {
  for (const [line, reason] of REFUSED) {
    it(JSON.stringify(line), () => {
      expect(() => nextInstant({ cron: line as string }, 0))
        .to.throw(ConfigError, '`cron`')
        .with.property('message')
        .that.includes(reason)
    })
  }
})

describe('A policy', () => {
  const refused = async (options: object) => createCache().set('k', 1, options)

  it('refuses a cron expression that never comes', async () => {
    await rejects(refused({ cron: '0 0 30 2 *' }), 'an instant that comes')
  })

  it('refuses a zone with nothing that is meant in it', async () => {
    await rejects(refused({ ttl: '1h', timezone: 'Europe/Berlin' }), 'there is neither')
  })

  for (const timezone of ['Europe/Atlantis', 'local', 'system', '+02:00', 'UTC+2', '', 5, null]) {
    it(`refuses the zone ${JSON.stringify(timezone)}`, async () => {
      await rejects(refused({ invalidateAt: '13:00', timezone }), '`timezone`')
    })
  }
})

async function rejects(promise: Promise<unknown>, message: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).to.be.instanceOf(ConfigError)
  expect((error as Error).message).to.include(message)
}
