; A small picture that meets every kind of rectangle: few colours, many, fades and noise; then it stops.
MODE equ 0x140                      ; 320x200x32 (bochs VBE)
WIDTH equ 320
HEIGHT equ 200
FRAMES equ 3
%include "boot.inc"

main:
    cld
    mov edi, [LFB]                  ; a fade in two directions with thousands of colours
    xor ebx, ebx
.row:
    xor ecx, ecx
.column:
    mov al, cl
    mov ah, bl
    shl eax, 8
    mov al, bl
    add al, cl
    and eax, 0x00fcfcfc
    mov [edi], eax
    add edi, 4
    inc ecx
    cmp ecx, WIDTH
    jne .column
    inc ebx
    cmp ebx, HEIGHT
    jne .row
.next:
    call frame
    call box
    call noise
    dec word [frames]
    jnz .next
.stop:
    cli
    hlt
    jmp .stop

; A box of one colour somewhere.
box:
    call random
    xor edx, edx
    mov ecx, 280
    div ecx
    mov edi, edx
    shl edi, 2
    call random
    xor edx, edx
    mov ecx, 160
    div ecx
    imul edx, PITCH
    add edi, edx
    add edi, [LFB]
    call random
    mov ecx, 37
    mov edx, 29
    jmp fill

; A strip of noise, and one of sixteen greys below it.
noise:
    mov edi, [LFB]
    add edi, PITCH * 150
    mov ecx, WIDTH * 1
.plain:
    call random
    mov [edi], eax
    add edi, 4
    loop .plain, ecx
    mov ecx, WIDTH * 5
.grey:
    call random
    and eax, 0x000f0f0f
    mov ah, al
    mov [edi], eax
    add edi, 4
    loop .grey, ecx
    ret

frames: dw FRAMES

times 510 - ($ - $$) db 0
dw 0xaa55
