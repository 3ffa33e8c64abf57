export { createServer } from './create-server.js'
export type { Application } from './application.js'
export { inFront, type FrontOptions } from './in-front.js'
