import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { frameworks } from '../pages/frameworks.js'
import { replies } from './proxying.js'
import { REQUIRED, verdictOn, type Results } from './suite.js'

const RUNS = frameworks.flatMap(({ name }) => Object.keys(replies).map(reply => ({ framework: name, reply })))
