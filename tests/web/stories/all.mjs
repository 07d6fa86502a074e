// All stories in their order. Whoever adds one adds its line.
import * as city from './city.mjs'
import * as clerk from './clerk.mjs'
import * as every from './every_page.mjs'
import * as public_ from './public.mjs'
import * as township from './township.mjs'

export const kStories = [
  ['first: the one-time link makes the first account', clerk.first],
  ['clerk: an issue logged by the keyboard alone', clerk.keyboard],
  ['clerk: what is wrong stands beside its field', clerk.refusals],
  ['clerk: a draft survives a closed window', clerk.draft],
  ['clerk: the session ends in the middle of a form', clerk.sessionEnds],
  ['clerk: the node goes away and comes back', clerk.offline],
  ['clerk: two browsers on one issue', clerk.twoBrowsers],
  ['clerk: undone before it is written', clerk.undone],
  ['clerk: found by any part of its words, as one types', clerk.search],
  ['township: an issue beyond the village comes up and goes back', township.comesUp],
  ['township: approved, deliberated, recorded, printed', township.recorded],
  ['township: the password is asked for again before approving', township.confirmed],
  ['township: the desk counts and empties', township.desk],
  ['city: a number is opened from the city down to the village’s issues', city.overview],
  ['city: figures are carried away as files', city.carriedAway],
  ['city: what came up shows its way and its reason', city.received],
  ['public: a matter is handed in, taken in and followed', public_.handedIn],
  ['every page: axe finds nothing, small screens hold it', every.accessible],
  ['every page: in English', every.english],
  ['every page: a clerk’s pages weigh less than 600 KiB', every.weight],
  ['every page: ten thousand issues in a list', every.tenThousand],
  ['every page: none threw or broke the content policy', every.faultless],
]
