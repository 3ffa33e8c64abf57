/** The rules of the protocol, as comments in the code, the model and the mutants name them. */
export const RULES = {
  valid: 'an entry is good only if the position of each of its tags is known, and not later than its own',
  fillcheck: 'a fill is refused if a tag moved past its position, or its lease is not its own any more',
  missingstamp: 'a tag whose position is not known is created where the journal is, not where the entry is',
  leases: 'a purge of a key ends its fill lease, too',
  acks: 'a purge resolves when every living member has applied it, or its lease has run out',
  near: 'a near tier compares what it has with the purges it has heard of',
  plain: 'what was read without being judged is compared with the purges heard of here',
  plainkeys: 'purges of keys too, for it may be an older copy',
  plainsince: 'it is not judged if it is from before what was heard here',
  plainepoch: 'it is not judged if it is of another life of the store',
  plainfence: 'it is judged only while the membership lease holds',
  fence: 'a process serves from its near tier only while its membership lease holds',
  catchup: 'a renewal brings the journal up to the grant, and it is applied first',
  l1stamps: 'what was read from the far tier is compared with the purges heard meanwhile',
  joincheck: 'nobody joins a load that began before a purge he may have heard of',
  fencedjoin: 'a process without a membership lease joins no load',
  heard: 'what is loaded counts from no later than the last purge heard here, for it may be made of what is at hand',
  twice: 'a purge of several shards is said once more when all have it',
  journal: 'positions of different journals are not compared',
  epoch: 'what belongs to another life of the store does not count',
  grace: 'a store that does not know its members has purges wait for the longest lease there may be',
  intent: 'a write that may die half way is announced before COMMIT by a purge',
  intentfills: 'what is loaded while an intent stands is kept by nobody',
  intentcheck: 'COMMIT is sent only while the intent stands',
} as const

export type Rule = keyof typeof RULES
