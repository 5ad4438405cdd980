// Programs inside documents, in the open or written out in letters. Places and magic numbers are those of the formats' specifications.

rule windows_program
{
    meta:
        finding = "a Windows program"
    strings:
        $mz = { 4D 5A }
    condition:
        for any i in (1..#mz) : (
            uint32(@mz[i] + 0x3C) < 0x10000 and uint32(@mz[i] + uint32(@mz[i] + 0x3C)) == 0x00004550
        )
}

rule dos_stub
{
    meta:
        finding = "a Windows program"
    strings:
        $stub = { 21 B8 01 4C CD 21 54 68 69 73 20 70 72 6F 67 72 61 6D }
    condition:
        $stub
}

rule linux_program
{
    meta:
        finding = "a Linux program"
    strings:
        $elf = { 7F 45 4C 46 (01 | 02) (01 | 02) 01 (00 | 03 | 09) 00 00 00 00 00 00 00 }
    condition:
        $elf
}

rule mac_program
{
    meta:
        finding = "a macOS program"
    strings:
        $intel = { (CE | CF) FA ED FE 07 00 00 (00 | 01) 0? 00 00 (00 | 80) 0? 00 00 00 }
        $arm = { CF FA ED FE 0C 00 00 01 0? 00 00 (00 | 80) 0? 00 00 00 }
        $fat = { CA FE BA BE 00 00 00 0? 0? 00 00 0? }
    condition:
        any of them
}

rule java_class
{
    meta:
        finding = "a Java program"
    strings:
        $class = { CA FE BA BE 00 00 00 (2D | 2E | 2F | 3? | 4?) }
    condition:
        $class at 0
}

rule program_in_letters
{
    meta:
        finding = "a program written as text"
    strings:
        $base64 = /TV[qpo][QAB]A[AAQ][MIEA]AAA[A-Za-z0-9+\/\r\n]{40}/
        $mz_in_hex = "4d5a" nocase
        $stub_in_hex = "546869732070726f6772616d" nocase
    condition:
        $base64 or for any i in (1..#mz_in_hex) : ($stub_in_hex in (@mz_in_hex[i]..@mz_in_hex[i] + 1024))
}
