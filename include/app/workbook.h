/*
 * workbook - what `foureyes report` and foureyes-workbook agree on.
 *
 * The form of the tables stands in src/app/workbook_main.c; both programs are
 * of one version, and one lies beside the other.
 */
#ifndef APP_WORKBOOK_H
#define APP_WORKBOOK_H

#define WORKBOOK_MAGIC "foureyes-workbook 1"
#define WORKBOOK_PROGRAM "foureyes-workbook"

#endif
