/* cmd.h - the functions behind the table of commands, by file. */
#ifndef KZ_CLI_CMD_H
#define KZ_CLI_CMD_H

#include "cli/command.h"

/* cmd_check.c */
kz_status kz_cmd_check(kz_call *call);

/* cmd_area.c */
kz_status kz_cmd_area_import(kz_call *call);
kz_status kz_cmd_area_institutions(kz_call *call);
kz_status kz_cmd_area_list(kz_call *call);

/* cmd_gazetteer.c */
kz_status kz_cmd_gazetteer(kz_call *call);
kz_status kz_cmd_gazetteer_list(kz_call *call);

/* cmd_area_ledger.c */
kz_status kz_cmd_area_changes(kz_call *call);
kz_status kz_cmd_area_change(kz_call *call);
kz_status kz_cmd_area_undo(kz_call *call);
kz_status kz_cmd_area_crosswalk(kz_call *call);

/* cmd_area_check.c */
kz_status kz_cmd_area_check(kz_call *call);
/* cmd_locate.c */
kz_status kz_cmd_area_locate(kz_call *call);

/* cmd_init.c */
kz_status kz_cmd_init(kz_call *call);

/* cmd_import.c */
kz_status kz_cmd_import(kz_call *call);
kz_status kz_cmd_import_list(kz_call *call);
kz_status kz_cmd_import_show(kz_call *call);
kz_status kz_cmd_import_undo(kz_call *call);

/* cmd_source.c */
kz_status kz_cmd_source_list(kz_call *call);
kz_status kz_cmd_source_show(kz_call *call);

/* cmd_program.c */
kz_status kz_cmd_help(kz_call *call);
kz_status kz_cmd_demo(kz_call *call); /* cmd_demo.c */
kz_status kz_cmd_version(kz_call *call);

/* cmd_user.c */
kz_status kz_cmd_user_add(kz_call *call);
kz_status kz_cmd_user_link(kz_call *call);
kz_status kz_cmd_user_list(kz_call *call);
kz_status kz_cmd_user_disable(kz_call *call);

/* cmd_serve.c */
kz_status kz_cmd_serve(kz_call *call);

/* cmd_indicator.c */
kz_status kz_cmd_indicator_list(kz_call *call);
kz_status kz_cmd_indicator_show(kz_call *call);
kz_status kz_cmd_indicator_check(kz_call *call);

/* cmd_compute.c */
kz_status kz_cmd_compute(kz_call *call);
kz_status kz_cmd_count(kz_call *call);

/* cmd_explain.c */
kz_status kz_cmd_explain(kz_call *call);

/* cmd_cube.c */
kz_status kz_cmd_cube(kz_call *call);

/* cmd_get.c */
kz_status kz_cmd_get(kz_call *call);

/* cmd_release.c */
kz_status kz_cmd_release_draft(kz_call *call);
kz_status kz_cmd_release_protect(kz_call *call);
kz_status kz_cmd_release_audit(kz_call *call);
kz_status kz_cmd_release_publish(kz_call *call);
kz_status kz_cmd_release_due(kz_call *call);
kz_status kz_cmd_release_list(kz_call *call);
kz_status kz_cmd_release_export(kz_call *call);

/* cmd_stat.c */
kz_status kz_cmd_stat_rate(kz_call *call);
kz_status kz_cmd_stat_eb(kz_call *call);

/* cmd_stat_bym2.c */
kz_status kz_cmd_stat_bym2(kz_call *call);

/* cmd_stat_index.c */
kz_status kz_cmd_stat_index(kz_call *call);

/* cmd_stat_space.c */
kz_status kz_cmd_stat_moran(kz_call *call);
kz_status kz_cmd_stat_lisa(kz_call *call);

/* cmd_sdc.c */
kz_status kz_cmd_sdc_protect(kz_call *call);
kz_status kz_cmd_sdc_audit(kz_call *call);

/* cmd_sdc_check.c */
kz_status kz_cmd_sdc_check(kz_call *call);

/* cmd_stat_series.c */
kz_status kz_cmd_stat_segregation(kz_call *call);
kz_status kz_cmd_stat_trend(kz_call *call);

/* cmd_stat_peers.c */
kz_status kz_cmd_stat_peers(kz_call *call);

/* cmd_stat_typology.c */
kz_status kz_cmd_stat_typology(kz_call *call);

#endif
