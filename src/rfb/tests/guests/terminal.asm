; A terminal: lines of coloured words scroll up, one at each tick of the timer, and then it stops.
%ifndef MODE
MODE equ 0x144                      ; 1024x768x32 (bochs VBE)
WIDTH equ 1024
HEIGHT equ 768
FRAMES equ 6
%endif
%include "boot.inc"

main:
    mov bp, HEIGHT / 16             ; the first screenful at once
.first:
    call line
    dec bp
    jnz .first
    mov bp, FRAMES
.next:
    call frame
    call line
    dec bp
    jnz .next
.stop:
    cli
    hlt
    jmp .stop

%include "text.inc"

times 510 - ($ - $$) db 0
dw 0xaa55
