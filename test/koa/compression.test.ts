import compress from 'koa-compress'
import { describeCompression } from '../pages/compressing.js'
import { onKoa } from './framework.js'

describeCompression('koa-compress', onKoa, () => ({ middleware: compress() }), ['a text', 'a stream'])
