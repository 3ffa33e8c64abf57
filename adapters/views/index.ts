export { ejsViews, type Ejs, type EjsViewOptions } from './ejs-views.js'
export { nunjucksViews, type Nunjucks, type NunjucksEnvironment } from './nunjucks-views.js'
export type { Render } from './render.js'
export type { ViewHole, ViewOptions } from './tags.js'
