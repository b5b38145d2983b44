#include "faults.h"

#include "disk.h"
#include "log.h"

int main(void)
{
    disk_install();
    log_open(stderr, LOG_ERROR,
             LOG_LOGFMT); /* that tidying up failed is told as a warning, hundreds of times here */
    return faulty_disk() != 0;
}
