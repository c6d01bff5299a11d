; A guest that answers a key at once: at each press the interrupt turns the colours of a block around. For benches/latency.
; Nothing else moves, and nothing else is waited for.
MODE equ 0x144                      ; 1024x768x32 (bochs VBE)
WIDTH equ 1024
HEIGHT equ 768
%include "boot.inc"

LEFT equ 256                        ; the block: a quarter of the screen
TOP equ 192
ACROSS equ 512
DOWN equ 384
CORNER equ PITCH * TOP + LEFT * 4

main:
    cli                             ; no BIOS from here on
    mov edi, [LFB]                  ; lines of words on white, like a page
    add edi, CORNER
    mov bx, DOWN
.row:
    mov ecx, ACROSS
.pixel:
    call random
    test bl, 8                      ; between two lines
    jz .white
    and eax, 0x00404040
    jmp .put
.white:
    mov eax, 0x00f6f5f4
.put:
    mov [edi], eax
    add edi, 4
    dec ecx
    jnz .pixel
    add edi, PITCH - ACROSS * 4
    dec bx
    jnz .row

    mov word [9 * 4], key           ; the keyboard's interrupt, and no other
    mov word [9 * 4 + 2], 0
    mov al, 0xfd
    out 0x21, al
    mov al, 0xff
    out 0xa1, al
.drain:
    in al, 0x64                     ; what the BIOS left unread would hold the next key back
    test al, 1
    jz .ready
    in al, 0x60
    jmp .drain
.ready:
    sti
.wait:
    hlt
    jmp .wait

key:
    in al, 0x60
    test al, 0x80                   ; released
    jnz .done
    mov edi, [LFB]
    add edi, CORNER
    mov bx, DOWN
.row:
    mov ecx, ACROSS
.pixel:
    xor dword [edi], 0x00ffffff
    add edi, 4
    dec ecx
    jnz .pixel
    add edi, PITCH - ACROSS * 4
    dec bx
    jnz .row
.done:
    mov al, 0x20
    out 0x20, al
    iret

times 510 - ($ - $$) db 0
dw 0xaa55
