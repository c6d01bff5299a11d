; A guest that sounds a tone of 1 kHz on the PC speaker from its start on, and does nothing else.
FREQUENCY equ 1000
CLOCK equ 1193182                   ; the timer's, in Hz

org 0x7c00
bits 16
    cli
    mov al, 0xb6                    ; channel 2, both bytes, square wave
    out 0x43, al
    mov ax, CLOCK / FREQUENCY
    out 0x42, al
    mov al, ah
    out 0x42, al
    in al, 0x61
    or al, 3                        ; the speaker follows channel 2
    out 0x61, al
.stop:
    hlt
    jmp .stop

times 510 - ($ - $$) db 0
dw 0xaa55
