; A terminal: lines of coloured words scroll up, one at each tick of the timer, and then it stops.
MODE equ 0x144                      ; 1024x768x32 (bochs VBE)
WIDTH equ 1024
HEIGHT equ 768
FRAMES equ 6
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

; Scrolls by a line and writes a new one.
line:
    mov edi, [LFB]
    lea esi, [edi + PITCH * 16]
    mov ecx, WIDTH * (HEIGHT - 16)
    cld
    a32 rep movsd
    push edi
    xor eax, eax
    mov ecx, WIDTH * 16
    a32 rep stosd
    pop edi
    call random
    and ax, 63
    add ax, 40
    mov si, ax                      ; characters in this line
    mov dword [colour], 0x00c0c0c0
.char:
    call random
    mov ebx, eax
    and bl, 7
    jz .space                       ; words of eight letters on average
    shr eax, 4
    xor edx, edx
    mov ecx, 26
    div ecx
    add dl, 'a'
    jmp .draw
.space:
    test bh, 3                      ; some words have a colour
    mov eax, 0x00c0c0c0
    jnz .plain
    mov eax, 0x0040ff40
    test bh, 4
    jnz .plain
    mov eax, 0x00ff6060
.plain:
    mov [colour], eax
    mov dl, ' '
.draw:
    call glyph
    add edi, 8 * 4
    dec si
    jnz .char
    ret

; Draws the character dl at edi.
glyph:
    push edi
    movzx ebx, dl
    shl ebx, 4
    add ebx, [font]
    mov ch, 16
.row:
    mov dl, [ebx]
    mov cl, 8
.pixel:
    add dl, dl
    jnc .clear
    mov eax, [colour]
    mov [edi], eax
.clear:
    add edi, 4
    dec cl
    jnz .pixel
    add edi, PITCH - 32
    inc ebx
    dec ch
    jnz .row
    pop edi
    ret

colour: dd 0

times 510 - ($ - $$) db 0
dw 0xaa55
