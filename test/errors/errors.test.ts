import { expect } from 'chai'
import { CacheError, CodecError, ConfigError, KeyError, StoreError } from 'smart-cache'

describe('An error of the package', () => {
  const rows = [
    { error: new ConfigError('m'), name: 'ConfigError', code: 'ERR_CACHE_CONFIG' },
    { error: new KeyError('m'), name: 'KeyError', code: 'ERR_CACHE_KEY' },
    { error: new CodecError('m'), name: 'CodecError', code: 'ERR_CACHE_CODEC' },
    { error: new StoreError('read', new Error('gone')), name: 'StoreError', code: 'ERR_CACHE_STORE' },
    { error: new CacheError('ERR_CACHE_CLOSED', 'm'), name: 'CacheError', code: 'ERR_CACHE_CLOSED' },
  ]
  for (const { error, name, code } of rows) {
    it(`is a ${name} with the code ${code}`, () => {
      expect(error).to.be.instanceOf(CacheError).and.instanceOf(Error)
      expect(error).to.include({ name, code })
    })
  }

  it('hands on its cause', () => {
    const cause = new Error('beneath')
    for (const error of [new ConfigError('m', { cause }), new KeyError('m', { cause }), new CodecError('m', { cause })]) {
      expect(error.cause).to.equal(cause)
    }
  })
})

describe('A StoreError', () => {
  it('says what failed, and with what', () => {
    const cause = new Error('ECONNRESET')
    const error = new StoreError('purge', cause)
    expect(error.message).to.equal('The store failed at purge: ECONNRESET')
    expect(error).to.include({ operation: 'purge', cause })
  })

  it('shows a cause that is no Error', () => {
    expect(new StoreError('read', 'timeout').message).to.equal('The store failed at read: timeout')
  })
})
