import { expect } from 'chai'
import { kindOfKey, shapeOfKey, shapeOfPath } from '../../lib/keys/shape.js'

const SHAPES: Readonly<Record<string, string>> = {
  titles: 'titles',
  'user:7': 'user:*',
  'user:7:profile': 'user:*:profile',
  'user:0190a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b': 'user:*',
  'session-deadbeef01': 'session-*',
  'token:eyJhbGciOiJIUzI1NiIsInR5cCI6': 'token:*',
  page2of7: '*',
  'v2-menu': '*-menu',
  'mail:ann@example.com': 'mail:*',
  'token:Aq-9f_x.7': 'token:Aq-*_x.*',
  'profile(7)': 'profile',
  'profile@2({"id":7})': 'profile@2',
  '~page a1 https://shop.example/posts/12?page=2': '/posts/*',
  '~page a1 https://shop.example:8080/posts/12 abc': '/posts/*',
  '~front a1 http://shop.example/': '/',
  '~query shop select [7] select * from users where id = ?': 'query',
}

describe('The shape of a key', () => {
  for (const [key, shape] of Object.entries(SHAPES)) {
    it(`of ${key} is ${shape}`, () => {
      expect(shapeOfKey(key)).to.equal(shape)
    })
  }

  it('is never longer than a name should be', () => {
    expect(shapeOfKey('x'.repeat(10_000)).length).to.be.below(300)
    expect(shapeOfPath(`/${'x'.repeat(10_000)}?y`).length).to.be.below(300)
  })

  it('tells pages and queries from values', () => {
    expect(['~page a http://a/b', '~front a http://a/b', '~query a', 'page'].map(kindOfKey)).to.deep.equal([
      'page',
      'page',
      'query',
      'value',
    ])
  })
})
