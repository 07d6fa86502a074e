import { createApp } from 'vue'
import App from './app/App.vue'
import { router } from './app/router'
import { loadWords } from './words'
import './styles/base.css'

// Words first: a page that shows its keys for a moment is worse than one that comes a moment later.
void loadWords().then(() => createApp(App).use(router).mount('#app'))
