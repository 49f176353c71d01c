import { clearedTasks } from '../../features/operations/cleared-tasks.ts';
import { operationStore } from '../../features/operations/operation-store.ts';
import { navigate } from '../use-route.ts';
import { routeOfNews, type News } from './news.ts';

/** Opens the page that has it, and goes to the task where it is one of many. */
export function showNews(news: News): void {
  const route = routeOfNews(news);
  // A task takes it from there as soon as it is drawn.
  document.getElementById('page')?.focus();
  if (route.page === 'tasks') {
    operationStore.setState({ filter: 'all', soughtId: news.id });
    clearedTasks.setState(({ ids }) => ({ ids: ids.filter((id) => id !== news.id) }));
  }
  navigate(route);
}
