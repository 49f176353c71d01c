#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static int log_fd = STDERR_FILENO;
static int has_levels;

void log_open(int fd, int is_kernel_log)
{
	log_fd = fd;
	has_levels = is_kernel_log;
}

__attribute__((format(printf, 2, 0))) static void log_line(int level, const char *format,
							    va_list arguments)
{
	char line[512];
	int length = has_levels ? snprintf(line, sizeof(line), "<%d>skerry-agent: ", level)
				: snprintf(line, sizeof(line), "skerry-agent: ");

	length += vsnprintf(line + length, sizeof(line) - (size_t)length - 1, format, arguments);
	if (length > (int)sizeof(line) - 2)
		length = (int)sizeof(line) - 2;
	line[length++] = '\n';
	/* Nothing can be done about a log that takes no lines. */
	if (write(log_fd, line, (size_t)length) < 0)
		return;
}

void log_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_line(6, format, arguments);
	va_end(arguments);
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_line(3, format, arguments);
	va_end(arguments);
}
