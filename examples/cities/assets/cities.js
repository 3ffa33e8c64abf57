// Says in the footer how this page was answered. The kept bytes are the same for everybody, so the
// page cannot say it itself: it is in the response's Server-Timing header, which the browser hands on.

const how = document.getElementById('how')
const [navigation] = performance.getEntriesByType('navigation')

// Going back shows what the browser remembers, without asking. After an edit that could be an old number: ask.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
if (navigation.type === 'back_forward' && navigation.transferSize === 0) location.reload()

const timings = new Map((navigation.serverTiming ?? []).map(timing => [timing.name, timing]))
// Browsers hand the header on only where the connection is trusted, as to localhost. There, its absence says something, too.
const answered = timings.get('cache')?.description ?? (isSecureContext ? 'bypass' : undefined)
const by = timings.get('process')?.description
const taken = navigation.responseStart - navigation.requestStart
if (answered) how.replaceChildren(...sentence(answered, timings.get('age')?.duration, timings.get('load')?.duration))
// That there are several processes is not in the kept bytes either: they are all the same whoever answers.
document.getElementById('processes').hidden = by === undefined

function sentence(outcome, age, load) {
  const answeredIn = `answered ${by ? `by process ${by} ` : ''}in ${milliseconds(taken)}`
  const badge = element('strong', outcome)
  badge.className = `outcome ${outcome}`
  const facts = {
    hit: [kept(age), answeredIn, saved(load)],
    stale: [kept(age), `${answeredIn} while a new one is made`, saved(load)],
    miss: [`made in ${milliseconds(load ?? taken)}`, answeredIn],
    bypass: ['not from the cache', answeredIn],
  }[outcome] ?? [answeredIn]
  const again = element('a', 'Ask again')
  again.href = location.pathname + location.search
  return [badge, ...facts.filter(Boolean).map(fact => element('span', fact)), again]
}

function kept(age) {
  if (age === undefined) return undefined
  return age < 1000 ? 'kept just now' : `kept ${duration(age)} ago`
}

function saved(load) {
  return load - taken >= 1 ? `saved ${milliseconds(load - taken)}` : undefined
}

function milliseconds(value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}

function duration(value) {
  const seconds = Math.floor(value / 1000)
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text })
}
