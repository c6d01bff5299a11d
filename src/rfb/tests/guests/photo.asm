; A photograph seen through a frame that moves over it: large steps are a slide show, small ones a film.
; For benches/decode. record.sh puts the photograph into memory (QEMU's device "loader") and gives MODE, WIDTH,
; HEIGHT, FRAMES, the place and size of the frame (LEFT, TOP, ACROSS, DOWN) and its step (RIGHTWARDS, DOWNWARDS).
%include "boot.inc"

PHOTO equ 0x1000000
PHOTO_PITCH equ 2400 * 4

main:
    cld
    mov bp, FRAMES
.next:
    call frame
    mov esi, [place]
    mov edi, [LFB]
    add edi, PITCH * TOP + LEFT * 4
    mov edx, DOWN
.row:
    push esi
    push edi
    mov ecx, ACROSS
    a32 rep movsd
    pop edi
    pop esi
    add esi, PHOTO_PITCH
    add edi, PITCH
    dec edx
    jnz .row
    add dword [place], PHOTO_PITCH * DOWNWARDS + RIGHTWARDS * 4
    dec bp
    jnz .next
.stop:
    cli
    hlt
    jmp .stop

place: dd PHOTO

times 510 - ($ - $$) db 0
dw 0xaa55
