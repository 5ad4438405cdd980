// What is in exploits and droppers and not in resumes. The test virus is spelled in hex, so that this file is not one.

rule test_virus
{
    meta:
        finding = "the EICAR test virus"
    strings:
        $eicar = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 }
    condition:
        $eicar
}

rule equation_editor
{
    meta:
        finding = "an Equation Editor object (CVE-2017-11882)"
    strings:
        $class_id = { 02 CE 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
        $in_hex = /02ce020{10}c0{12}46/ nocase
        $name = "RXF1YXRpb24uM"
    condition:
        any of them
}

rule protocol_handler
{
    meta:
        finding = "a call of a Windows diagnostic or search tool (CVE-2022-30190)"
    strings:
        $msdt = /ms-(msdt|officecmd|search)\s{0,4}:\s{0,4}[\/\-%]/ nocase
        $mhtml = /mhtml:https?:\/\/[^\s"]{1,400}!x-usc:/ nocase
        $html_in_template = "!x-usc:http" nocase
    condition:
        any of them
}

rule hidden_command
{
    meta:
        finding = "a hidden PowerShell command"
    strings:
        $encoded = /powershell(\.exe)?["']?\s[^\r\n]{0,120}-e(nc|ncodedcommand)?\s{1,4}["']?[A-Za-z0-9+\/=]{60}/ nocase
        $download = /powershell[^\r\n]{0,200}(DownloadString|DownloadFile)\s?\(\s?['"]https?:/ nocase
        $shell = /CreateObject\s{0,4}\(\s{0,4}["']WScript\.Shell["']\s{0,4}\)\s{0,4}\.\s{0,4}(Run|Exec)/ nocase
    condition:
        any of them
}

rule script_in_pdf
{
    meta:
        finding = "a PDF action that runs something"
    strings:
        $action = /\/S\s{0,8}\/(JavaScript|Launch|ImportData|GoToE|SubmitForm)[\s\/<>\[\](]/
        $script = /\/JS\s{1,8}\d{1,8}\s{1,8}\d{1,5}\s{1,8}R[\s\/>]/
    condition:
        uint32(0) == 0x46445025 and any of them
}

rule web_archive_in_pdf
{
    meta:
        finding = "a Word web archive in a PDF"
    strings:
        $mime = "MIME-Version:" nocase
        $part = /Content-(Location|Type):\s{0,4}(file:\/\/\/|text\/html|application\/x-mso)/ nocase
    condition:
        uint32(0) == 0x46445025 and all of them
}

rule web_shell
{
    meta:
        finding = "a server script"
    strings:
        $php = /<\?php\s[^?]{0,400}(eval|system|passthru|shell_exec|base64_decode)\s{0,4}\(/ nocase
        $asp = /<%@?\s{0,4}(Page|Language)[^%]{0,80}%>[^%]{0,400}(eval|Execute)\s{0,4}\(/ nocase
    condition:
        any of them
}
