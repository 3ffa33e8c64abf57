import { expect } from 'chai'
import { describeHits } from './frameworks.js'

type Cookie = string | undefined

const CASES: readonly (readonly [
  cookies: boolean | readonly string[],
  rows: readonly (readonly [first: Cookie, second: Cookie, same: boolean])[],
])[] = [
  [
    ['session'],
    [
      ['session=1', 'session=1', true],
      ['session=1', 'session=2', false],
      ['session=1', undefined, false],
      ['session=1', '', false],
      ['session=', undefined, false],
      ['session=', 'session', true],
      ['', undefined, true],
      ['session=1', 'theme=dark; session=1; _ga=7', true],
      ['session=1', 'theme=dark;session=1', true],
      ['session=1', '  session = 1 ', true],
      ['session=1', 'Session=1', false],
      ['session=1', 'xsession=1', false],
      ['session=1', 'session="1"', false],
      ['session="a"', 'session="b"', false],
      ['session=a=b', 'session=a', false],
      ['session=1; session=2', 'session=1', false],
      ['session=1; session=2', 'session=2; session=1', false],
      ['session=%31', 'session=1', false],
      ['theme=dark', 'theme=light', true],
      ['theme=dark', undefined, true],
      ['theme="a; session=2"', 'theme="a; session=3"', false],
    ],
  ],
  [
    ['theme', 'session'],
    [
      ['session=1; theme=dark', 'theme=dark; session=1', true],
      ['session=1', 'theme=1', false],
      ['session=1; theme=2', 'session=2; theme=1', false],
      ['session=a", "b', 'session=a; theme=b', false],
    ],
  ],
  [
    true,
    [
      ['a=1', 'a=1', true],
      ['a=1; b=2', 'b=2; a=1', false],
      ['a=1', 'a=1; b=2', false],
      ['', undefined, false],
    ],
  ],
  [
    false,
    [
      ['session=1', 'session=2', true],
      ['session=1', undefined, true],
    ],
  ],
  [[], [['session=1', undefined, true]]],
]

describeHits('Cookies', framework => {
  for (const [cookies, rows] of CASES) {
    for (const [first, second, same] of rows) {
      const title = `${JSON.stringify(first) ?? 'none'} and ${JSON.stringify(second) ?? 'none'}`
      it(`${title} get ${same ? 'one page' : 'two pages'} with vary.cookies ${JSON.stringify(cookies)}`, async () => {
        const site = await framework.page({ ttl: '1m', vary: { cookies } }, visit =>
          visit.send(`for ${String(visit.request.headers.cookie)}`),
        )
        for (const cookie of [first, second]) await site.ask({ headers: cookie === undefined ? {} : { Cookie: cookie } })
        expect(site.runs).to.equal(same ? 1 : 2)
      })
    }
  }

  it('that the page varies on are named in its Vary field', async () => {
    const site = await framework.page({ ttl: '1m', vary: { cookies: true } }, visit => visit.send('hello'))
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['vary']).to.equal('cookie')
  })

  it('sent in several header lines are one list', async () => {
    const site = await framework.page({ ttl: '1m', vary: { cookies: ['session'] } }, visit => visit.send('hello'))
    await site.ask({ headers: { Cookie: ['theme=dark', 'session=1'] } })
    await site.ask({ headers: { Cookie: 'session=1' } })
    await site.ask({ headers: { Cookie: ['session=1', 'session=2'] } })
    expect(site.runs).to.equal(2)
  })
})
