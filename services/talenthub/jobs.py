"""Names of the jobs that talenthub's workers do."""

INVITATION_JOB = "mail_invitation"
DOMAIN_CODE_JOB = "mail_domain_code"
