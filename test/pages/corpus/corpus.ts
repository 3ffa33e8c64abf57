import { FRESHNESS } from './freshness.js'
import { GENERATED } from './generated.js'
import type { Part } from './part.js'
import { RANGES } from './ranges.js'
import { DIRECTIVES, INVALIDATION } from './requests.js'
import { VALIDATION } from './validation.js'

/** What RFC 9111, and those that go with it, say of a shared cache. */
export const CORPUS: readonly Part[] = [FRESHNESS, VALIDATION, DIRECTIVES, INVALIDATION, RANGES, GENERATED]
