/* faults.h -- the store while what is beneath it fails. */
#ifndef FAULTS_H
#define FAULTS_H

int faulty_disk(void);

#endif
