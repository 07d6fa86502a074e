import type { Words } from '..'
import city from './city'
import common from './common'
import operator from './operator'
import public_ from './public'
import township from './township'
import village from './village'

export default { common, village, township, city, operator, public: public_ } satisfies Words
