import { expect } from 'chai'
import { fitProjection } from '../../examples/cities/charts/projection.js'
import { foldName } from '../../examples/cities/fold-name.js'
import { html } from '../../examples/cities/html.js'
import { readOptions } from '../../examples/cities/options.js'
import { bearingBetween, distanceBetween, windOf } from '../../examples/cities/place.js'
import { parsePopulation } from '../../examples/cities/population.js'
import { connectRedis } from '../../examples/cities/redis/connect-redis.js'

const ZURICH = { latitude: 47.36667, longitude: 8.55 }
const BERLIN = { latitude: 52.52437, longitude: 13.41053 }

describe('The parts of the cities example', () => {
  it('write what they are given as text, and only markup as markup', () => {
    expect(html`<p title="${`"'`}">${'<b> & '}${html`<i>${1}</i>`}${false}${undefined}</p>`.toString()).to.equal(
      '<p title="&#34;&#39;">&#60;b&#62; &#38; <i>1</i></p>',
    )
  })

  for (const [name, folded] of [
    ['Zürich', 'zurich'],
    ['Łódź', 'lodz'],
    ['İstanbul', 'istanbul'],
    ['Gießen', 'giessen'],
    ['Tromsø', 'tromso'],
    ['L’Aquila ', "l'aquila"],
  ] as const) {
    it(`find ${name.trim()} by ${folded}`, () => {
      expect(foldName(name)).to.equal(folded)
    })
  }

  it('know how far it is, and in which direction', () => {
    expect(distanceBetween(ZURICH, BERLIN)).to.be.closeTo(670, 5)
    expect(distanceBetween({ latitude: 0, longitude: 180 }, { latitude: 0, longitude: 0 })).to.be.closeTo(20_015, 1)
    expect(windOf(bearingBetween(ZURICH, BERLIN))).to.equal('NE')
    expect(windOf(bearingBetween(BERLIN, ZURICH))).to.equal('SW')
  })

  it('draw a country across the 180th meridian in one piece', () => {
    const { toPoint } = fitProjection(
      [
        { latitude: -17, longitude: 178 },
        { latitude: -16, longitude: -179 },
      ],
      { width: 440, minHeight: 100, maxHeight: 500 },
    )
    expect(toPoint({ latitude: -17, longitude: 178 }).x).to.be.closeTo(16, 0.01)
    expect(toPoint({ latitude: -16, longitude: -179 }).x).to.be.closeTo(424, 0.01)
  })

  for (const text of ['', ' ', '-1', '1.5', '1e3', '0x10', '٣', 'many', '50000001', '99999999999999999999']) {
    it(`refuse "${text}" as a population`, () => {
      expect(parsePopulation(text)).to.have.property('problem').that.is.a('string')
    })
  }

  for (const [text, population] of [
    ['0', 0],
    [' 341730 ', 341_730],
    ['50000000', 50_000_000],
  ] as const) {
    it(`take "${text}" as a population`, () => {
      expect(parsePopulation(text)).to.deep.equal({ population })
    })
  }

  it('take the port from the command line, else from the environment, else 3000', () => {
    expect(readOptions([], {})).to.include({ framework: 'Express', port: 3000, help: false })
    expect(readOptions([], { PORT: '8080', DATABASE: '/tmp/some.sqlite' })).to.include({ port: 8080, database: '/tmp/some.sqlite' })
    expect(readOptions(['--koa', '--port', '0'], { PORT: 'http' })).to.include({ framework: 'Koa', port: 0 })
  })

  for (const port of ['http', '65536', '-1', '80.5', '']) {
    it(`refuse "${port}" as a port`, () => {
      expect(() => readOptions([`--port=${port}`], {})).to.throw(`Expected --port to be a port number from 0 to 65535, got “${port}”.`)
    })
  }

  it('take the number of processes and their Redis from the command line; one, without, is the rule', () => {
    expect(readOptions([], {})).to.include({ processes: 1, redis: undefined })
    expect(readOptions(['--redis', 'redis://cache:6379'], {})).to.include({ processes: 1, redis: 'redis://cache:6379' })
    expect(readOptions(['--processes', '4', '--redis', 'redis://cache:6379'], {})).to.include({ processes: 4 })
  })

  it('refuse several processes that share nothing, and say why', () => {
    expect(() => readOptions(['--processes', '2'], {})).to.throw('what one keeps in its own memory, an edit in another could not purge')
  })

  for (const processes of ['0', '65', '-1', '1.5', 'many', '']) {
    it(`refuse "${processes}" as a number of processes`, () => {
      expect(() => readOptions([`--processes=${processes}`], {})).to.throw(
        `Expected --processes to be a number from 1 to 64, got “${processes}”.`,
      )
    })
  }

  for (const url of ['', 'redis://cache:99999', 'redis://[']) {
    it(`refuse "${url}" as the address of a Redis`, async () => {
      const refused = async (): Promise<unknown> =>
        connectRedis(readOptions([`--redis=${url}`], {}).redis ?? '', { onError: () => undefined })
      expect(await refused().catch(String)).to.match(/^Error: Expected --redis to be an address such as redis:/)
    })
  }
})
