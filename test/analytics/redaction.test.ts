import { expect } from 'chai'
import { Redactor } from '../../lib/analytics/redaction.js'

const usual = new Redactor([])

describe('What is written down of a key', () => {
  const SHOWN: Readonly<Record<string, string | RegExp>> = {
    titles: 'titles',
    'user:7:profile': 'user:7:profile',
    'profile(7)': 'profile(7)',
    'offers("Bern")': /^offers #[0-9a-f]{6}$/,
    'session:Zk3-planted-9f': /^session:\*-planted-\* #[0-9a-f]{6}$/,
    'mail:ann@example.com': /^mail:\* #[0-9a-f]{6}$/,
    '~page.a1 https://shop.example/posts/12': 'https://shop.example/posts/12',
    '~page.a1 https://shop.example/posts?page=2&q=planted': /^https:\/\/shop\.example\/posts\?page=#[0-9a-f]{6}&q=#[0-9a-f]{6}$/,
    '~page.a1 https://shop.example/me k3yed': /^https:\/\/shop\.example\/me #[0-9a-f]{6}$/,
    '~page.a1 https://shop.example/reset/3f2a9c81d77b4e10': /^https:\/\/shop\.example\/reset\/#[0-9a-f]{6}$/,
    "~query shop select ['planted'] select * from users": /^query #[0-9a-f]{6}$/,
  }
  for (const [key, shown] of Object.entries(SHOWN)) {
    it(`of ${key} is enough to find it, and no more`, () => {
      if (typeof shown === 'string') expect(usual.key(key).shown).to.equal(shown)
      else expect(usual.key(key).shown).to.match(shown)
    })
  }

  it('tells variants of a page apart, and knows them to be of one page', () => {
    const [one, other] = ['a', 'b'].map(variation => usual.key(`~page.a1 https://shop.example/me {"${variation}":1}`))
    expect(one?.shown).to.not.equal(other?.shown)
    expect(one?.base).to.equal(other?.base)
  })

  it('is of the URL of a page that is purged what it is of a URL', () => {
    expect(usual.tag('~url /posts?q=word')).to.match(/^url \/posts\?q=#[0-9a-f]{6}$/)
    expect(usual.tag('posts?')).to.equal('posts?')
  })

  it('leaves out what patterns say besides', () => {
    expect(new Redactor([/Bern/]).tag('city:Bern')).to.equal('city:…')
    expect(new Redactor([/n/]).tag('nine')).to.equal('…i…e')
  })

  it('leaves it out of the name that is made of it, too', () => {
    expect(new Redactor([/Bern/]).name('city:Bern', 'city:Bern')).to.equal('city:…')
    const redactor = new Redactor((text, what) => `${what}(${text})`)
    expect(redactor.name('city:Bern', 'city:Bern')).to.equal('key(city:Bern)')
    expect(redactor.name('offers', 'offers("Bern")')).to.equal('offers')
    expect(redactor.name('/cities', '~page.a1 http://a/cities')).to.equal('/cities')
    expect(redactor.name('/cities/:id', '~page.a1 http://a/cities/7')).to.equal('/cities/:id')
  })

  it('is what a function says', () => {
    const redactor = new Redactor((text, what) => `${what}(${text})`)
    expect(redactor.key('offers("Bern")').shown).to.equal('key(offers("Bern"))')
    expect(redactor.key('~page.a1 http://a/b?c=d').shown).to.equal('url(http://a/b?c=d)')
    expect(redactor.tag('a')).to.equal('tag(a)')
  })

  it('is never long, nor anything that a terminal would obey', () => {
    expect(usual.tag('a '.repeat(5_000)).length).to.be.below(410)
    expect(usual.tag('a\u001b[31m\u0000\u202eb')).to.equal('a�[31m��b')
    expect(usual.tag('\ud800a')).to.equal('�a')
  })
})
