import { clearedTasks } from '../../features/operations/cleared-tasks.ts';
import { operationStore } from '../../features/operations/operation-store.ts';
import { taskElementId } from '../../features/operations/task-card.tsx';
import { navigate } from '../use-route.ts';
import { routeOfNews, type News } from './news.ts';

/** Opens the page that has it, and goes to the task where it is one of many. */
export function showNews(news: News): void {
  const route = routeOfNews(news);
  if (route.page === 'tasks') {
    operationStore.setState({ filter: 'all' });
    clearedTasks.setState(({ ids }) => ({ ids: ids.filter((id) => id !== news.id) }));
  }
  navigate(route);
  // The page is drawn after its address has changed, and then once more after that.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const task = document.getElementById(taskElementId(news.id));
      (task ?? document.getElementById('page'))?.focus();
      task?.scrollIntoView({ block: 'nearest' });
    }),
  );
}
