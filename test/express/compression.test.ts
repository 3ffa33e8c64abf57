import compression from 'compression'
import { describeCompression } from '../pages/compressing.js'
import { onExpress } from './framework.js'

describeCompression('compression (Express)', onExpress, () => ({ middleware: compression() }), ['a text', 'a stream', 'written parts'])
