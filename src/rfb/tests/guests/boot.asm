; A guest that starts: the lines of a log run by, then a logo comes and a bar below it fills.
; For benches/decode; MODE, WIDTH, HEIGHT and FRAMES come from record.sh.
%include "boot.inc"

LINES equ 4                         ; at each tick of the timer
DISC equ 128                        ; the logo's radius
STEPS equ 24                        ; of the bar

main:
    mov ax, 0x0201                  ; the second sector goes behind the first
    mov bx, 0x7e00
    mov cx, 2
    xor dx, dx
    int 0x13
    call flat
    cld
    mov bp, FRAMES
.log:
    call frame
    mov cl, LINES
.line:
    push cx
    call line
    pop cx
    dec cl
    jnz .line
    dec bp
    jnz .log
    call logo
    xor bp, bp
.bar:
    call frame
    movzx eax, bp
    shl eax, 6                      ; 16 pixels each
    mov edi, [LFB]
    lea edi, [edi + eax + PITCH * (HEIGHT / 2 + DISC) + (WIDTH / 2 - STEPS * 8) * 4]
    mov eax, 0x00f0f0f0
    mov ecx, 14
    mov edx, 8
    call fill
    inc bp
    cmp bp, STEPS
    jne .bar
.stop:
    cli
    hlt
    jmp .stop

times 510 - ($ - $$) db 0
dw 0xaa55

; A disc that fades from top to bottom, on black.
logo:
    mov edi, [LFB]
    push edi
    xor eax, eax
    mov ecx, WIDTH * HEIGHT
    a32 rep stosd
    pop edi
    add edi, PITCH * (HEIGHT / 2 - DISC * 2) + (WIDTH / 2 - DISC) * 4
    mov ebx, -DISC
.row:
    mov ecx, -DISC
.pixel:
    mov eax, ecx
    imul eax, eax
    mov edx, ebx
    imul edx, edx
    add eax, edx
    cmp eax, DISC * DISC
    jae .outside
    lea eax, [ebx + DISC]
    shl eax, 8
    or eax, 0x003000e0
    mov [edi], eax
.outside:
    add edi, 4
    inc ecx
    cmp ecx, DISC
    jne .pixel
    add edi, PITCH - DISC * 8
    inc ebx
    cmp ebx, DISC
    jne .row
    ret

%include "text.inc"

times 1024 - ($ - $$) db 0
